/**
 * How Go writes the objects that pods are in: for each type its fields, in the order of its structs, as
 * `name:type`. Further marks:
 *
 * - `name!`: written even when it is empty. Other fields are left out then, but for pointers (`*`), which tell.
 * - `name=GoName`: what templates call it, where that is not just the name with a capital.
 * - `@key`: lists merge by this key in a strategic merge patch; by value where there is no key.
 * - `any`: kept as it is.
 *
 * The order counts where annotations and variables hold such an object as text. Facts of k8s.io/api 0.35.
 */
export const GO_TYPES: Readonly<Record<string, string>> = {
  Pod: 'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:PodSpec status!:any',
  Deployment:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:DeploymentSpec status!:any',
  StatefulSet:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:StatefulSetSpec ' +
    'status!:StatefulSetStatus',
  DaemonSet:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:DaemonSetSpec ' +
    'status!:DaemonSetStatus',
  ReplicaSet:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:ReplicaSetSpec ' +
    'status!:ReplicaSetStatus',
  Job: 'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:JobSpec status!:any',
  CronJob: 'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:CronJobSpec status!:any',
  ReplicationController:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:ReplicationControllerSpec ' +
    'status!:ReplicationControllerStatus',
  ObjectMeta:
    'name:string generateName:string namespace:string selfLink:string uid=UID:string resourceVersion:string ' +
    'generation:int64 creationTimestamp:Time deletionTimestamp:*Time deletionGracePeriodSeconds:*int64 ' +
    'labels:map[string]string annotations:map[string]string ownerReferences:[]OwnerReference@uid ' +
    'finalizers:[]string@ managedFields:[]any',
  PodSpec:
    'volumes:[]Volume@name initContainers:[]Container@name containers!:[]Container@name ' +
    'ephemeralContainers:[]EphemeralContainer@name restartPolicy:string terminationGracePeriodSeconds:*int64 ' +
    'activeDeadlineSeconds:*int64 dnsPolicy=DNSPolicy:string nodeSelector:map[string]string ' +
    'serviceAccountName:string serviceAccount=DeprecatedServiceAccount:string automountServiceAccountToken:*bool ' +
    'nodeName:string hostNetwork:bool hostPID:bool hostIPC:bool shareProcessNamespace:*bool ' +
    'securityContext:*PodSecurityContext imagePullSecrets:[]LocalObjectReference@name hostname:string ' +
    'subdomain:string affinity:*any schedulerName:string tolerations:[]Toleration hostAliases:[]HostAlias@ip ' +
    'priorityClassName:string priority:*int32 dnsConfig=DNSConfig:*PodDNSConfig readinessGates:[]PodReadinessGate ' +
    'runtimeClassName:*string enableServiceLinks:*bool preemptionPolicy:*string overhead:map[string]Quantity ' +
    'topologySpreadConstraints:[]TopologySpreadConstraint@topologyKey setHostnameAsFQDN:*bool os=OS:*PodOS ' +
    'hostUsers:*bool schedulingGates:[]PodSchedulingGate@name resourceClaims:[]any@name ' +
    'resources:*ResourceRequirements hostnameOverride:*string workloadRef:*any',
  DeploymentSpec:
    'replicas:*int32 selector!:*any template!:PodTemplateSpec strategy!:any minReadySeconds:int32 ' +
    'revisionHistoryLimit:*int32 paused:bool progressDeadlineSeconds:*int32',
  StatefulSetSpec:
    'replicas:*int32 selector!:*any template!:PodTemplateSpec volumeClaimTemplates:[]PersistentVolumeClaim ' +
    'serviceName!:string podManagementPolicy:string updateStrategy!:any revisionHistoryLimit:*int32 ' +
    'minReadySeconds:int32 persistentVolumeClaimRetentionPolicy:*any ordinals:*any',
  StatefulSetStatus:
    'observedGeneration:int64 replicas!:int32 readyReplicas:int32 currentReplicas:int32 updatedReplicas:int32 ' +
    'currentRevision:string updateRevision:string collisionCount:*int32 conditions:[]any availableReplicas!:int32',
  DaemonSetSpec:
    'selector!:*any template!:PodTemplateSpec updateStrategy!:any minReadySeconds:int32 ' +
    'revisionHistoryLimit:*int32',
  DaemonSetStatus:
    'currentNumberScheduled!:int32 numberMisscheduled!:int32 desiredNumberScheduled!:int32 numberReady!:int32 ' +
    'observedGeneration:int64 updatedNumberScheduled:int32 numberAvailable:int32 numberUnavailable:int32 ' +
    'collisionCount:*int32 conditions:[]any',
  ReplicaSetSpec: 'replicas:*int32 minReadySeconds:int32 selector!:*any template!:PodTemplateSpec',
  ReplicaSetStatus:
    'replicas!:int32 fullyLabeledReplicas:int32 readyReplicas:int32 availableReplicas:int32 ' +
    'terminatingReplicas:*int32 observedGeneration:int64 conditions:[]any',
  JobSpec:
    'parallelism:*int32 completions:*int32 activeDeadlineSeconds:*int64 podFailurePolicy:*any successPolicy:*any ' +
    'backoffLimit:*int32 backoffLimitPerIndex:*int32 maxFailedIndexes:*int32 selector:*any manualSelector:*bool ' +
    'template!:PodTemplateSpec ttlSecondsAfterFinished=TTLSecondsAfterFinished:*int32 completionMode:*string ' +
    'suspend:*bool podReplacementPolicy:*string managedBy:*string',
  CronJobSpec:
    'schedule!:string timeZone:*string startingDeadlineSeconds:*int64 concurrencyPolicy:string suspend:*bool ' +
    'jobTemplate!:JobTemplateSpec successfulJobsHistoryLimit:*int32 failedJobsHistoryLimit:*int32',
  ReplicationControllerSpec:
    'replicas:*int32 minReadySeconds:int32 selector:map[string]string template:*PodTemplateSpec',
  ReplicationControllerStatus:
    'replicas!:int32 fullyLabeledReplicas:int32 readyReplicas:int32 availableReplicas:int32 ' +
    'observedGeneration:int64 conditions:[]any',
  OwnerReference:
    'apiVersion!=APIVersion:string kind!:string name!:string uid!=UID:string controller:*bool ' +
    'blockOwnerDeletion:*bool',
  Volume:
    'name!:string hostPath:*HostPathVolumeSource emptyDir:*EmptyDirVolumeSource ' +
    'gcePersistentDisk=GCEPersistentDisk:*any awsElasticBlockStore=AWSElasticBlockStore:*any gitRepo:*any ' +
    'secret:*SecretVolumeSource nfs=NFS:*NFSVolumeSource iscsi=ISCSI:*any glusterfs:*any ' +
    'persistentVolumeClaim:*PersistentVolumeClaimVolumeSource rbd=RBD:*any flexVolume:*any cinder:*any ' +
    'cephfs=CephFS:*any flocker:*any downwardAPI:*DownwardAPIVolumeSource fc=FC:*any azureFile:*any ' +
    'configMap:*ConfigMapVolumeSource vsphereVolume:*any quobyte:*any azureDisk:*any photonPersistentDisk:*any ' +
    'projected:*ProjectedVolumeSource portworxVolume:*any scaleIO:*any storageos=StorageOS:*any ' +
    'csi=CSI:*CSIVolumeSource ephemeral:*any image:*ImageVolumeSource',
  Container:
    'name!:string image:string command:[]string args:[]string workingDir:string ' +
    'ports:[]ContainerPort@containerPort envFrom:[]EnvFromSource env:[]EnvVar@name ' +
    'resources!:ResourceRequirements resizePolicy:[]ContainerResizePolicy restartPolicy:*string ' +
    'restartPolicyRules:[]ContainerRestartRule volumeMounts:[]VolumeMount@mountPath ' +
    'volumeDevices:[]VolumeDevice@devicePath livenessProbe:*Probe readinessProbe:*Probe startupProbe:*Probe ' +
    'lifecycle:*Lifecycle terminationMessagePath:string terminationMessagePolicy:string imagePullPolicy:string ' +
    'securityContext:*SecurityContext stdin:bool stdinOnce:bool tty=TTY:bool',
  EphemeralContainer:
    'name!:string image:string command:[]string args:[]string workingDir:string ' +
    'ports:[]ContainerPort@containerPort envFrom:[]EnvFromSource env:[]EnvVar@name ' +
    'resources!:ResourceRequirements resizePolicy:[]ContainerResizePolicy restartPolicy:*string ' +
    'restartPolicyRules:[]ContainerRestartRule volumeMounts:[]VolumeMount@mountPath ' +
    'volumeDevices:[]VolumeDevice@devicePath livenessProbe:*Probe readinessProbe:*Probe startupProbe:*Probe ' +
    'lifecycle:*Lifecycle terminationMessagePath:string terminationMessagePolicy:string imagePullPolicy:string ' +
    'securityContext:*SecurityContext stdin:bool stdinOnce:bool tty=TTY:bool targetContainerName:string',
  PodSecurityContext:
    'seLinuxOptions=SELinuxOptions:*SELinuxOptions windowsOptions:*any runAsUser:*int64 runAsGroup:*int64 ' +
    'runAsNonRoot:*bool supplementalGroups:[]int64 supplementalGroupsPolicy:*string fsGroup=FSGroup:*int64 ' +
    'sysctls:[]Sysctl fsGroupChangePolicy=FSGroupChangePolicy:*string seccompProfile:*SeccompProfile ' +
    'appArmorProfile:*AppArmorProfile seLinuxChangePolicy=SELinuxChangePolicy:*string',
  LocalObjectReference: 'name:string',
  Toleration: 'key:string operator:string value:string effect:string tolerationSeconds:*int64',
  HostAlias: 'ip!=IP:string hostnames:[]string',
  PodDNSConfig: 'nameservers:[]string searches:[]string options:[]PodDNSConfigOption',
  PodReadinessGate: 'conditionType!:string',
  TopologySpreadConstraint:
    'maxSkew!:int32 topologyKey!:string whenUnsatisfiable!:string labelSelector:*any minDomains:*int32 ' +
    'nodeAffinityPolicy:*string nodeTaintsPolicy:*string matchLabelKeys:[]string',
  PodOS: 'name!:string',
  PodSchedulingGate: 'name!:string',
  ResourceRequirements: 'limits:map[string]Quantity requests:map[string]Quantity claims:[]ResourceClaim',
  PodTemplateSpec: 'metadata!=ObjectMeta:ObjectMeta spec!:PodSpec',
  PersistentVolumeClaim:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:PersistentVolumeClaimSpec ' +
    'status!:any',
  JobTemplateSpec: 'metadata!=ObjectMeta:ObjectMeta spec!:JobSpec',
  HostPathVolumeSource: 'path!:string type:*string',
  EmptyDirVolumeSource: 'medium:string sizeLimit:*Quantity',
  SecretVolumeSource: 'secretName:string items:[]KeyToPath defaultMode:*int32 optional:*bool',
  NFSVolumeSource: 'server!:string path!:string readOnly:bool',
  PersistentVolumeClaimVolumeSource: 'claimName!:string readOnly:bool',
  DownwardAPIVolumeSource: 'items:[]DownwardAPIVolumeFile defaultMode:*int32',
  ConfigMapVolumeSource: 'name:string items:[]KeyToPath defaultMode:*int32 optional:*bool',
  ProjectedVolumeSource: 'sources!:[]VolumeProjection defaultMode:*int32',
  CSIVolumeSource:
    'driver!:string readOnly:*bool fsType=FSType:*string volumeAttributes:map[string]string ' +
    'nodePublishSecretRef:*LocalObjectReference',
  ImageVolumeSource: 'reference:string pullPolicy:string',
  ContainerPort: 'name:string hostPort:int32 containerPort!:int32 protocol:string hostIP:string',
  EnvFromSource: 'prefix:string configMapRef:*ConfigMapEnvSource secretRef:*SecretEnvSource',
  EnvVar: 'name!:string value:string valueFrom:*EnvVarSource',
  ContainerResizePolicy: 'resourceName!:string restartPolicy!:string',
  ContainerRestartRule: 'action:string exitCodes:*ContainerRestartRuleOnExitCodes',
  VolumeMount:
    'name!:string readOnly:bool recursiveReadOnly:*string mountPath!:string subPath:string ' +
    'mountPropagation:*string subPathExpr:string',
  VolumeDevice: 'name!:string devicePath!:string',
  Probe:
    'exec:*ExecAction httpGet=HTTPGet:*HTTPGetAction tcpSocket=TCPSocket:*TCPSocketAction grpc=GRPC:*GRPCAction ' +
    'initialDelaySeconds:int32 timeoutSeconds:int32 periodSeconds:int32 successThreshold:int32 ' +
    'failureThreshold:int32 terminationGracePeriodSeconds:*int64',
  Lifecycle: 'postStart:*LifecycleHandler preStop:*LifecycleHandler stopSignal:*string',
  SecurityContext:
    'capabilities:*Capabilities privileged:*bool seLinuxOptions=SELinuxOptions:*SELinuxOptions ' +
    'windowsOptions:*any runAsUser:*int64 runAsGroup:*int64 runAsNonRoot:*bool readOnlyRootFilesystem:*bool ' +
    'allowPrivilegeEscalation:*bool procMount:*string seccompProfile:*SeccompProfile ' +
    'appArmorProfile:*AppArmorProfile',
  SELinuxOptions: 'user:string role:string type:string level:string',
  Sysctl: 'name!:string value!:string',
  SeccompProfile: 'type!:string localhostProfile:*string',
  AppArmorProfile: 'type!:string localhostProfile:*string',
  PodDNSConfigOption: 'name:string value:*string',
  ResourceClaim: 'name!:string request:string',
  PersistentVolumeClaimSpec:
    'accessModes:[]string selector:*any resources!:VolumeResourceRequirements volumeName:string ' +
    'storageClassName:*string volumeMode:*string dataSource:*any dataSourceRef:*any ' +
    'volumeAttributesClassName:*string',
  KeyToPath: 'key!:string path!:string mode:*int32',
  DownwardAPIVolumeFile:
    'path!:string fieldRef:*ObjectFieldSelector resourceFieldRef:*ResourceFieldSelector mode:*int32',
  VolumeProjection:
    'secret:*SecretProjection downwardAPI:*DownwardAPIProjection configMap:*ConfigMapProjection ' +
    'serviceAccountToken:*ServiceAccountTokenProjection clusterTrustBundle:*ClusterTrustBundleProjection ' +
    'podCertificate:*PodCertificateProjection',
  ConfigMapEnvSource: 'name:string optional:*bool',
  SecretEnvSource: 'name:string optional:*bool',
  EnvVarSource:
    'fieldRef:*ObjectFieldSelector resourceFieldRef:*ResourceFieldSelector configMapKeyRef:*ConfigMapKeySelector ' +
    'secretKeyRef:*SecretKeySelector fileKeyRef:*FileKeySelector',
  ContainerRestartRuleOnExitCodes: 'operator:string values:[]int32',
  ExecAction: 'command:[]string',
  HTTPGetAction: 'path:string port!:IntOrString host:string scheme:string httpHeaders=HTTPHeaders:[]HTTPHeader',
  TCPSocketAction: 'port!:IntOrString host:string',
  GRPCAction: 'port!:int32 service!:*string',
  LifecycleHandler:
    'exec:*ExecAction httpGet=HTTPGet:*HTTPGetAction tcpSocket=TCPSocket:*TCPSocketAction sleep:*SleepAction',
  Capabilities: 'add:[]string drop:[]string',
  VolumeResourceRequirements: 'limits:map[string]Quantity requests:map[string]Quantity',
  ObjectFieldSelector: 'apiVersion=APIVersion:string fieldPath!:string',
  ResourceFieldSelector: 'containerName:string resource!:string divisor!:Quantity',
  SecretProjection: 'name:string items:[]KeyToPath optional:*bool',
  DownwardAPIProjection: 'items:[]DownwardAPIVolumeFile',
  ConfigMapProjection: 'name:string items:[]KeyToPath optional:*bool',
  ServiceAccountTokenProjection: 'audience:string expirationSeconds:*int64 path!:string',
  ClusterTrustBundleProjection: 'name:*string signerName:*string labelSelector:*any optional:*bool path!:string',
  PodCertificateProjection:
    'signerName:string keyType:string maxExpirationSeconds:*int32 credentialBundlePath:string keyPath:string ' +
    'certificateChainPath:string userAnnotations:map[string]string',
  ConfigMapKeySelector: 'name:string key!:string optional:*bool',
  SecretKeySelector: 'name:string key!:string optional:*bool',
  FileKeySelector: 'volumeName!:string path!:string key!:string optional:*bool',
  HTTPHeader: 'name!:string value!:string',
  SleepAction: 'seconds!:int64',
  DeploymentConfig:
    'kind:string apiVersion=APIVersion:string metadata!=ObjectMeta:ObjectMeta spec!:DeploymentConfigSpec status!:DeploymentConfigStatus',
  DeploymentConfigSpec:
    'strategy!:DeploymentConfigStrategy minReadySeconds:int32 triggers!:[]any replicas!:int32 revisionHistoryLimit:*int32 ' +
    'test!:bool paused:bool selector:map[string]string template:*PodTemplateSpec',
  DeploymentConfigStrategy:
    'type:string customParams:*any recreateParams:*any rollingParams:*any resources!:ResourceRequirements ' +
    'labels:map[string]string annotations:map[string]string activeDeadlineSeconds:*int64',
  DeploymentConfigStatus:
    'latestVersion!:int64 observedGeneration!:int64 replicas!:int32 updatedReplicas!:int32 availableReplicas!:int32 ' +
    'unavailableReplicas!:int32 details:*any conditions:[]any readyReplicas:int32',
};
